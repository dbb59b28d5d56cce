"""`python -m handouts`."""

from handouts.cli import command

if __name__ == "__main__":  # workers import this module too
    command()
