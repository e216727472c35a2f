/** Whether there is room for one thing beside the icons alone; as in explorer.css. */
export const isNarrow = (): boolean => window.matchMedia('(max-width: 47.99em)').matches
