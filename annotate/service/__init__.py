"""Live pre-marks and webhooks: what Label Studio calls while people label."""
