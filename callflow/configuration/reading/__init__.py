"""From YAML to typed shapes: the source with its line numbers, the shapes of each file, messages for what does not fit."""
