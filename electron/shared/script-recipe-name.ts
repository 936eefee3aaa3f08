/**
 * The recipe that runs a script of the user's own as a batch job. It is in no list: its one argument is the script. No
 * folder can have its name, since those with a dot are not looked into.
 */
export const scriptRecipeName = '.script';
