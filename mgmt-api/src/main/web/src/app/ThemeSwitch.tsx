import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import DesktopIcon from '@patternfly/react-icons/dist/esm/icons/desktop-icon';
import MoonIcon from '@patternfly/react-icons/dist/esm/icons/moon-icon';
import SunIcon from '@patternfly/react-icons/dist/esm/icons/sun-icon';
import { text } from '../text/en';
import { type ThemeChoice, useTheme } from './theme';

const CHOICES: readonly { choice: ThemeChoice; icon: React.ReactNode }[] = [
  { choice: 'light', icon: <SunIcon /> },
  { choice: 'dark', icon: <MoonIcon /> },
  { choice: 'system', icon: <DesktopIcon /> },
];

export function ThemeSwitch() {
  const [current, choose] = useTheme();
  return (
    <ToggleGroup aria-label={text.theme.label} isCompact className="nv-theme">
      {CHOICES.map(({ choice, icon }) => (
        <ToggleGroupItem
          key={choice}
          icon={icon}
          aria-label={text.theme[choice]}
          title={text.theme[choice]}
          buttonId={`theme-${choice}`}
          isSelected={current === choice}
          onChange={() => choose(choice)}
        />
      ))}
    </ToggleGroup>
  );
}
