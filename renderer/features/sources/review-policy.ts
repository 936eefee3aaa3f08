import type { RecipeReview, SourceReview } from '../../../electron/shared/sources.ts';

export const errorsOf = ({ findings }: Pick<RecipeReview, 'findings'>): number =>
  findings.filter(({ level }) => level === 'error').length;

/** Errors in what would newly be used: the user says to have read them before the recipes can be. */
export const newErrors = ({ recipes }: Pick<SourceReview, 'recipes'>): number =>
  recipes.filter(({ change }) => change !== 'same').reduce((sum, recipe) => sum + errorsOf(recipe), 0);
