"""The room one comes into: my day, and where everything stands for whoever manages."""
