import classes from './CodeBlock.module.css'

interface Props {
  /** The name of the block for screen readers. */
  label: string
  /** The height above which the block scrolls. */
  maxHeight?: string
  children: string
}

/** Shows the text of a program unchanged. */
export const CodeBlock = ({ label, maxHeight = '20rem', children }: Props) => (
  <section
    className={classes.code}
    dir="ltr"
    style={{ maxHeight }}
    // It scrolls, so the keyboard must be able to reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
    tabIndex={0}
    aria-label={label}
  >
    <code>{children}</code>
  </section>
)
