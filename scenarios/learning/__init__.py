"""What is differentiated in machine learning, small."""

scenarios = ()
