"""ADBench's four objectives: a mixture of Gaussians, bundle adjustment, hand tracking, and an LSTM."""

scenarios = ()
