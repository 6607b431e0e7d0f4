"""The pages for people: board, desk, operations and sign-in, with their templates and static files."""
