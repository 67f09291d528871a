"""Which automatic-differentiation backend gets a derivative right, and which gets it fastest."""
