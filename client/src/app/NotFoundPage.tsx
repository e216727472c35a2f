import { Anchor, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useLocale } from '../messages/use-locale'
import { PageTitle } from '../ui/PageTitle'

/** The page for an unknown address. */
export const NotFoundPage = () => {
  const { t } = useLocale()
  return (
    <Stack gap="sm" align="flex-start">
      <PageTitle title={t('app.notFound.title')} />
      <Text c="dimmed">{t('app.notFound.text')}</Text>
      <Anchor component={Link} to="/">
        {t('app.notFound.toStart')}
      </Anchor>
    </Stack>
  )
}
