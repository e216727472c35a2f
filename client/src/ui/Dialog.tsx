import { Modal, type ModalOverlayProps, type ModalRootProps } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLocale } from '../messages/use-locale'
import classes from './Dialog.module.css'
import { useDialogTitle } from './document-title'
import { FailureBoundary } from './FailureBoundary'
import { PageFailure } from './PageFailure'

interface Props extends Omit<ModalRootProps, 'title'> {
  title: ReactNode
  /** The title as text, for the title of the document, if `title` is not a text. */
  titleText?: string
  /** Defaults to true. */
  withCloseButton?: boolean
  /** The look of the layer between the page and the dialog. */
  overlayProps?: Pick<ModalOverlayProps, 'backgroundOpacity' | 'blur'>
}

/**
 * A dialog with a form or other long content. Unlike `Modal`, it does not make the whole content its
 * description, which a screen reader would read aloud when the dialog opens (WAI-ARIA APG, Dialog).
 */
export const Dialog = ({
  title,
  titleText = typeof title === 'string' ? title : '',
  withCloseButton = true,
  overlayProps,
  children,
  ...props
}: Props) => {
  const { t } = useLocale()
  useDialogTitle(props.opened ? titleText : null)
  return (
    <Modal.Root
      // The header of a dialog is not the banner of the page.
      attributes={{ header: { role: 'presentation' } }}
      {...props}
    >
      <Modal.Overlay {...overlayProps} />
      <Modal.Content>
        <Modal.Header>
          <Modal.Title>{title}</Modal.Title>
          {withCloseButton && <Modal.CloseButton aria-label={t('ui.button.close')} />}
        </Modal.Header>
        <div className={classes.body}>
          {/* The page below stays, with everything that was typed there. */}
          <FailureBoundary fallback={failure => <PageFailure failure={failure} />}>
            {children}
          </FailureBoundary>
        </div>
      </Modal.Content>
    </Modal.Root>
  )
}
