import '../app/dialog-styles'
import '@mantine/core/styles/Overlay.css'
import '@mantine/core/styles/ModalBase.css'
import '@mantine/core/styles/Modal.css'
import { Button, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import classes from './webhooks.module.css'

interface Props {
  /** Null while there is none to be shown. */
  secret: string | null
  onClose: () => void
}

/** Shows a secret, this once. It closes by its button alone. */
export const SecretDialog = ({ secret, onClose }: Props) => (
  <Modal
    opened={secret !== null}
    onClose={onClose}
    title="The secret of the webhook"
    closeOnClickOutside={false}
    closeOnEscape={false}
    withCloseButton={false}
    size={560}
  >
    <Stack gap="md">
      <Text size="sm">
        Give it to the receiver, which verifies by it that requests come from Rekey. It is shown
        this once; if it is lost, rotate it.
      </Text>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          className={classes.secret}
          label="Secret"
          readOnly
          flex={1}
          value={secret ?? ''}
          onFocus={event => event.currentTarget.select()}
        />
        <CopyButton value={secret ?? ''}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              miw="7.5rem"
              data-autofocus
              leftSection={
                copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
              }
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Group justify="flex-end">
        <Button onClick={onClose}>I have kept it</Button>
      </Group>
    </Stack>
  </Modal>
)
