import type { SourceReview } from '../../electron/shared/sources.ts';

/** An update of a repository with a changed recipe, a new one, and one that cannot be used. */
export const sourceReview: SourceReview = {
  key: 'abc',
  id: 'lab-recipes-1a2b3c',
  url: 'https://git.example.org/lab/recipes.git',
  ref: 'main',
  commit: '9f2c1d0e8b7a6958473625140f9e8d7c6b5a4938',
  before: '1234567890abcdef1234567890abcdef12345678',
  recipes: [
    {
      name: 'lab/notebook',
      title: 'Lab notebook with the group’s kernels and a rather long name',
      change: 'changed',
      may: [
        'Runs notebook.sh (41 lines) on the cluster, as you.',
        'Launchers: slurm, login.',
        'Sends 3 files of its own, 12 KiB.',
        'Listens on a socket in its own folder, which only you can enter.',
        'Asks for 4 cores, 8000 MiB, 240 minutes.',
      ],
      findings: [],
    },
    {
      name: 'lab/dashboard',
      title: 'Dashboard',
      change: 'new',
      may: ['Runs run.sh (9 lines) on the cluster, as you.', 'Listens on a port of its node, and demands no token.'],
      findings: [
        {
          level: 'error',
          line: 'lab/dashboard/run.sh:7: error: It listens on every network of the node: whoever reaches the node reaches the app.',
        },
      ],
    },
    { name: 'lab/fit', title: 'Fit', change: 'same', may: [], findings: [] },
  ],
  problems: ['lab/old/app.yaml:3: Unknown field: colour'],
  files: 14,
  bytes: 30_210,
  diff: 'diff --git a/lab/notebook/notebook.sh b/lab/notebook/notebook.sh\n--- a/lab/notebook/notebook.sh\n+++ b/lab/notebook/notebook.sh\n@@ -7 +7 @@\n-exec jupyter lab\n+exec jupyter lab --config "$TUNEL_DIR/files/config.py"\n',
};
