/**
 * Gives every style element that a script of the page makes the page's nonce. Monaco
 * writes its themes into such elements and can't be told of a nonce; the alternative
 * is a policy that lets any inline style through.
 */
export const nonceStyles = (page: Document, nonce: string): void => {
  const create = page.createElement.bind(page) as Document['createElement']
  page.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = create(name, options)
    if (element instanceof HTMLStyleElement) element.nonce = nonce
    return element
  }
}
