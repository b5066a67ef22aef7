"""The room of sentences that work: what one agent found to say, kept for all, and told of by those it helped too."""
