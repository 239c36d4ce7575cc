"""The ways in which an example of one's own is made: drawn, set feature by feature, typed."""
