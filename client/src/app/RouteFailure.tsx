import { Alert, Box, Button, Stack, Text } from '@mantine/core'
import { useLocale } from '../messages/use-locale'

/**
 * Shown when a page fails or its files cannot be loaded, usually because a newer version was
 * deployed.
 */
export const RouteFailure = () => {
  const { t } = useLocale()
  return (
    <Box maw={540} mx="auto" px="md" py="xl">
      <Alert color="red" title={t('app.routeFailure.title')} role="alert">
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{t('app.routeFailure.text')}</Text>
          <Button size="xs" variant="default" onClick={() => window.location.reload()}>
            {t('app.routeFailure.reload')}
          </Button>
        </Stack>
      </Alert>
    </Box>
  )
}
