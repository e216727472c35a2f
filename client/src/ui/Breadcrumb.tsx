import { Anchor, Breadcrumbs, Text } from '@mantine/core'
import { Link, type To } from 'react-router'

interface Props {
  /** The group of the navigation that the page belongs to. */
  group: string
  /** The parent page. */
  above: { readonly title: string; readonly to: To }
  /** The page itself. */
  title: string
}

// All parts have the same line height. Otherwise a title that is cut off would move.
const crumb = { size: 'sm', lh: 'md' } as const

/** Shows the place of a page that is not in the navigation, with a link to its parent page. */
export const Breadcrumb = ({ group, above, title }: Props) => (
  <Breadcrumbs
    component="nav"
    aria-label="Breadcrumb"
    separatorMargin={6}
    styles={{ separator: { color: 'var(--mantine-color-dimmed)' } }}
  >
    <Text {...crumb} c="dimmed">
      {group}
    </Text>
    <Anchor {...crumb} component={Link} to={above.to}>
      {above.title}
    </Anchor>
    <Text {...crumb} c="dimmed" aria-current="page" truncate maw={200}>
      {title}
    </Text>
  </Breadcrumbs>
)
