"""The room of questions: what no card says yet, asked from the desk and answered within a working day."""
