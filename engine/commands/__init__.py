"""Commands that need no window; one file a command, called like the command."""
