import type { RecipeReview, SourceReview } from '../../../electron/shared/sources.ts';

/** Findings are lines: `file:line: level: words`. A file's name may hold a level too: so this errs on the safe side. */
export const isError = (finding: string): boolean => finding.includes(': error: ');

export const errorsOf = ({ findings }: Pick<RecipeReview, 'findings'>): number => findings.filter(isError).length;

/** Errors in what would newly be used: the user says to have read them before the recipes can be. */
export const newErrors = ({ recipes }: Pick<SourceReview, 'recipes'>): number =>
  recipes.filter(({ change }) => change !== 'same').reduce((sum, recipe) => sum + errorsOf(recipe), 0);
