import { Anchor, Breadcrumbs, Text } from '@mantine/core'
import { Link, type To } from 'react-router'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'

interface Props {
  /** The group of the navigation that the page belongs to. */
  group: 'account' | 'settings'
  /** The parent page. */
  above: { readonly title: string; readonly to: To }
  /** The page itself. */
  title: string
}

const groups = {
  account: { message: 'app.navigation.account', to: '/account' },
  settings: { message: 'app.navigation.settings', to: '/account/settings' },
} as const satisfies Record<Props['group'], { message: PlainMessageId; to: string }>

// All parts have the same line height. Otherwise a title that is cut off would move.
const crumb = { size: 'sm', lh: 'md' } as const

/** Shows the place of a page that is not in the navigation, with links to the pages above it. */
export const Breadcrumb = ({ group, above, title }: Props) => {
  const { t } = useLocale()
  return (
    <Breadcrumbs
      component="nav"
      aria-label={t('ui.breadcrumb.label')}
      separatorMargin={6}
      styles={{ separator: { color: 'var(--mantine-color-dimmed)' } }}
    >
      <Anchor {...crumb} component={Link} to={groups[group].to}>
        {t(groups[group].message)}
      </Anchor>
      <Anchor {...crumb} component={Link} to={above.to}>
        {above.title}
      </Anchor>
      <Text {...crumb} c="dimmed" aria-current="page" truncate maw={200} dir="auto">
        {title}
      </Text>
    </Breadcrumbs>
  )
}
