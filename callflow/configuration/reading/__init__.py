"""From YAML to typed shapes: sources with line numbers, the shape of each file, messages for invalid values."""
