import { Card, Switch, Title } from '@mantine/core'
import { useLocale } from '../messages/use-locale'
import { useSearchShortcutSetting } from '../ui/search-shortcut'

/** Switches the shortcuts of one character on and off, in this browser. */
export const ShortcutCard = () => {
  const { t } = useLocale()
  const [on, change] = useSearchShortcutSetting()
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="shortcuts" maw={760} mt="lg">
      <Title order={2} size="h5" mb="md" id="shortcuts">
        {t('account.shortcuts.title')}
      </Title>
      <Switch
        label={t('account.shortcuts.search')}
        description={t('account.shortcuts.searchHint')}
        checked={on}
        onChange={event => change(event.currentTarget.checked)}
      />
    </Card>
  )
}
