"""What each command does: runs the pipeline, prints progress and problems, returns an exit code."""
