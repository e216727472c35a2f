import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { onReachedAgain, reportUnreachable } from './connection'
import { LateCopyButton } from './LateCopyButton'
import { PageTitle } from './PageTitle'
import { type FileProblem, isFileProblem, probeVersion } from './probe-version'

type Problem = FileProblem | 'crash'

const titleMessages: Record<Problem, PlainMessageId> = {
  crash: 'app.routeFailure.title',
  file: 'app.routeFailure.title',
  newVersion: 'app.routeFailure.newVersionTitle',
  offline: 'app.routeFailure.offlineTitle',
  server: 'app.routeFailure.serverTitle',
  unreachable: 'app.routeFailure.unreachableTitle',
}

const textMessages: Record<Problem, PlainMessageId> = {
  crash: 'app.routeFailure.crash',
  file: 'app.routeFailure.file',
  newVersion: 'app.routeFailure.newVersion',
  offline: 'app.routeFailure.offline',
  server: 'app.routeFailure.server',
  unreachable: 'app.routeFailure.unreachable',
}

const colors: Partial<Record<Problem, string>> = {
  newVersion: 'blue',
  offline: 'yellow',
  unreachable: 'yellow',
}

interface Props {
  failure: unknown
  /** Whether the whole page failed, so that nothing is lost if it loads again by itself. */
  isWholePage?: boolean
}

/**
 * Shown instead of a page, or of a part of it, that failed or whose files cannot be loaded. Explains
 * the reason: there is no connection, the server has a problem, or a newer version was deployed.
 */
export const PageFailure = ({ failure, isWholePage = false }: Props) => {
  const { t } = useLocale()
  const isFile = isFileProblem(failure)
  const [problem, setProblem] = useState<Problem | null>(isFile ? null : 'crash')
  useEffect(() => {
    if (!isFile) return
    let shown = true
    void probeVersion().then(found => {
      if (shown) setProblem(found)
    })
    return () => {
      shown = false
    }
  }, [isFile])
  const waits = problem === 'offline' || problem === 'unreachable'
  useEffect(() => {
    if (!waits || !isWholePage) return
    // Browsers do not load a file again that they could not load, so the page must be loaded again.
    const end = onReachedAgain(() => window.location.reload())
    reportUnreachable()
    return end
  }, [waits, isWholePage])
  if (problem === null) return <div aria-busy="true" />
  const title = t(titleMessages[problem])
  const alert = (
    <Alert color={colors[problem] ?? 'red'} {...(isWholePage ? {} : { title })} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t(textMessages[problem])}</Text>
        <Group gap="sm">
          <Button size="xs" variant="default" onClick={() => window.location.reload()}>
            {t('app.routeFailure.reload')}
          </Button>
          {problem === 'crash' && failure instanceof Error && (
            <LateCopyButton
              text={`${window.location.pathname}\n${failure.name}: ${failure.message}`}
              label={t('app.routeFailure.copy')}
              size="xs"
            />
          )}
        </Group>
      </Stack>
    </Alert>
  )
  return isWholePage ? (
    <Stack>
      <PageTitle title={title} />
      {alert}
    </Stack>
  ) : (
    alert
  )
}
