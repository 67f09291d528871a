"""ADBench's four: a mixture of Gaussians, bundle adjustment, hand tracking, and an LSTM."""

from scenarios.adbench import ba, gmm, hand, lstm

scenarios = (*gmm.scenarios, *ba.scenarios, *hand.scenarios, *lstm.scenarios)
