"""The pages of the inspector, one file a kind of thing that can be selected."""
