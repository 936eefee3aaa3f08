#!/bin/bash
# The input is the last argument and in TUNEL_INPUT, its number in TUNEL_TASK.
echo "Task $TUNEL_TASK with the input $TUNEL_INPUT, on $(hostname)"
