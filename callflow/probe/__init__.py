"""Scripted calls between two numbers of an account, which settle what the provider does not document."""
