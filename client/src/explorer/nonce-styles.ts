/**
 * Gives the nonce of the page to every style element that a script creates. Monaco writes its
 * themes into such elements and has no setting for a nonce. The alternative would be a policy that
 * allows any inline style.
 */
export const nonceStyles = (page: Document, nonce: string): void => {
  const create = page.createElement.bind(page) as Document['createElement']
  page.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = create(name, options)
    if (element instanceof HTMLStyleElement) element.nonce = nonce
    return element
  }
}
