import { Anchor, Breadcrumbs, Text } from '@mantine/core'
import { Link, type To } from 'react-router'

interface Props {
  /** The group of the navigation that the page belongs to. */
  group: string
  /** The page it is below. */
  above: { readonly title: string; readonly to: To }
  /** The page itself. */
  title: string
}

// One line height for all: cutting a long title off would otherwise shift it.
const crumb = { size: 'sm', lh: 'md' } as const

/** Where a page is that the navigation does not name, with the way to the one above it. */
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
