/** The small apps that `tunel new` writes. */
export const starterKinds = ['flask', 'django', 'fastapi', 'dash', 'streamlit', 'static'] as const;
