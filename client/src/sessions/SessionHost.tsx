import type { ApolloClient } from '@apollo/client'
import { ApolloProvider, useApolloClient } from '@apollo/client/react'
import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { lazy, Suspense, useSyncExternalStore } from 'react'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { Dialog } from '../ui/Dialog'
import { InDialog } from '../ui/PageTitle'
import type { Session } from './session'
import { Viewer } from './use-viewer'

const SignInForm = lazy(() => import('./SignInForm').then(part => ({ default: part.SignInForm })))

interface Props {
  session: Session
  /** The client that signs in. It stores nothing. */
  entryClient: ApolloClient
}

/** Asks a user whose session has ended to sign in again, over any page. The page stays as it is. */
export const SessionHost = ({ session, entryClient }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const question = useSyncExternalStore(session.subscribe, session.question)
  const login = client.readQuery({ query: Viewer })?.viewer?.login ?? ''
  const isOther = question?.kind === 'otherUser'
  const close = () => (isOther ? session.accept() : session.cancel())
  return (
    <Dialog
      opened={question !== null}
      onClose={close}
      title={t(isOther ? 'sessions.again.otherTitle' : 'sessions.again.title')}
      closeOnClickOutside={false}
      withCloseButton={!isOther}
      // The person in front of the screen may no longer be the one who opened the page.
      overlayProps={{ backgroundOpacity: 0.7, blur: 12 }}
      // It may open over another dialog and over the one that asks for a proof, which stay open. They
      // would also react to Esc unless the focused element has this mark.
      zIndex={400}
      closeOnEscape={false}
      onFocusCapture={event => event.target.setAttribute('data-mantine-stop-propagation', 'true')}
      onKeyDown={event => {
        if (event.key === 'Escape' && !event.nativeEvent.isComposing && !isOther) close()
      }}
    >
      {question?.kind === 'otherUser' ? (
        <Stack gap="md">
          <Text size="sm">
            <Message
              id="sessions.again.other"
              values={{ login: <bdi>{question.login}</bdi>, before: <bdi>{login}</bdi> }}
            />
          </Text>
          <Button onClick={() => session.accept()} data-autofocus>
            {t('sessions.again.goOn')}
          </Button>
        </Stack>
      ) : (
        <Suspense fallback={<Skeleton height={180} aria-label={t('ui.loading')} />}>
          <InDialog value>
            <ApolloProvider client={entryClient}>
              <Stack gap="md">
                <Text size="sm">{t('sessions.again.intro')}</Text>
                <SignInForm login={login} reason="ended" onSignedIn={() => session.continue()} />
              </Stack>
            </ApolloProvider>
          </InDialog>
        </Suspense>
      )}
    </Dialog>
  )
}
