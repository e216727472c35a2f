import classes from './CodeBlock.module.css'

interface Props {
  /** What it is, for those who don't see what stands round it. */
  label: string
  /** From where on it scrolls. */
  maxHeight?: string
  children: string
}

/** Text of a program, as it stands there. */
export const CodeBlock = ({ label, maxHeight = '20rem', children }: Props) => (
  <section
    className={classes.code}
    style={{ maxHeight }}
    // It scrolls, so it is reached by the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
    tabIndex={0}
    aria-label={label}
  >
    {children}
  </section>
)
