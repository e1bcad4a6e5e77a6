"""What the program does, without widgets: session, jobs, commands, the training job, the demo."""
