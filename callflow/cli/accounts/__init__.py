"""Commands about who can sign in to the pages."""
