"""The walkthrough: transport, formula view, call stack."""
