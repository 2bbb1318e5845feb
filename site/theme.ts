export type ThemeChoice = 'auto' | 'light' | 'dark'

const CHOICES: readonly ThemeChoice[] = ['auto', 'light', 'dark']
const KEY = 'voxrisk-theme'

/** Switches between light and dark: as the system asks, or as the visitor has chosen. */
export class ThemeSwitch {
  private readonly system = matchMedia('(prefers-color-scheme: dark)')

  /** @param button shows the current choice; a click goes to the next one */
  constructor(
    private readonly button: HTMLButtonElement,
    private readonly onChange: (theme: 'light' | 'dark') => void,
  ) {
    this.apply(remembered())
    this.system.addEventListener('change', () => this.onChange(this.theme))
    button.addEventListener('click', () => {
      const next = CHOICES[(CHOICES.indexOf(this.choice) + 1) % CHOICES.length]
      remember(next)
      this.apply(next)
    })
  }

  get theme(): 'light' | 'dark' {
    if (this.choice !== 'auto') return this.choice
    return this.system.matches ? 'dark' : 'light'
  }

  private get choice(): ThemeChoice {
    return (document.documentElement.dataset.theme as ThemeChoice | undefined) ?? 'auto'
  }

  private apply(choice: ThemeChoice): void {
    document.documentElement.dataset.theme = choice
    this.button.textContent = `Theme: ${choice}`
    this.onChange(this.theme)
  }
}

/** Without storage, as in a document opened from disk, nothing is remembered. */
function remembered(): ThemeChoice {
  try {
    return CHOICES.find(choice => choice === localStorage.getItem(KEY)) ?? 'auto'
  } catch {
    return 'auto'
  }
}

function remember(choice: ThemeChoice): void {
  try {
    localStorage.setItem(KEY, choice)
  } catch {}
}

/** The current values of custom properties that are colours, as `rgb()`. */
export function colours<Name extends string>(names: readonly Name[]): Record<Name, string> {
  const probe = document.body.appendChild(document.createElement('span'))
  try {
    return Object.fromEntries(
      names.map(name => {
        probe.style.color = `var(--${name})`
        return [name, getComputedStyle(probe).color]
      }),
    ) as Record<Name, string>
  } finally {
    probe.remove()
  }
}
