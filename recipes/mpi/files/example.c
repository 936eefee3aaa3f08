/* Each process adds its number to a sum; the first writes it to sum.txt of the work directory. */
#include <mpi.h>
#include <stdio.h>

int main(int argc, char **argv) {
  int rank, size, sum, own;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  own = rank + 1;
  MPI_Allreduce(&own, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  if (rank == 0) {
    FILE *file = fopen("sum.txt", "w");
    printf("The sum over %d processes is %d\n", size, sum);
    if (file != NULL) {
      fprintf(file, "The sum over %d processes is %d\n", size, sum);
      fclose(file);
    }
  }
  MPI_Finalize();
  return 0;
}
