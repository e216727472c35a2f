import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const source = join(__dirname, '../../client/src/app/routes.tsx')

const pathOf = (route: ts.ObjectLiteralExpression): string | undefined => {
  const texts = route.properties.flatMap(property =>
    ts.isPropertyAssignment(property) &&
    property.name.getText() === 'path' &&
    ts.isStringLiteral(property.initializer)
      ? [property.initializer.text]
      : [],
  )
  return texts[0]
}

/**
 * The addresses in the route table of the client, such as `/account/users/:id`, without those that
 * only lead to another address. The file is read and not imported, because it belongs to a browser.
 */
export const addressesOfRoutes = (): string[] => {
  const file = ts.createSourceFile(
    source,
    readFileSync(source, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  )
  const addresses: string[] = []
  const visit = (node: ts.Node, above: string): void => {
    let here = above
    if (ts.isObjectLiteralExpression(node)) {
      const path = pathOf(node)
      if (path !== undefined) {
        here = path.startsWith('/') || path === '*' ? path : `${above}/${path}`
        const leadsElsewhere = /<Navigate|SettingsIndex/.test(node.getText())
        if (!leadsElsewhere) addresses.push(here)
      }
    }
    ts.forEachChild(node, child => visit(child, here))
  }
  visit(file, '')
  return addresses
}
