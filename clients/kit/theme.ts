import { createTheme, mergeThemeOverrides, type MantineColorsTuple } from "@mantine/core";

/** Warm neutrals: the ground of both apps. 0 is paper, 9 is ink. */
const sand: MantineColorsTuple = ["#faf8f5", "#f3efe9", "#e7e0d6", "#d5cabb", "#b8a996", "#948573", "#6f6355", "#51483d", "#37302a", "#221d19"];
/** Unsent, and the button that sends. */
const saffron: MantineColorsTuple = ["#fff8e6", "#ffeec2", "#ffdf8f", "#fdcd57", "#f7bb2c", "#eaa810", "#c88a04", "#9c6a03", "#744f08", "#573c0a"];
/** On its way: sent, on the screen. */
const tide: MantineColorsTuple = ["#eef5fb", "#d8e7f4", "#b2cfe8", "#86b3da", "#5d97cb", "#3d7db8", "#2b669d", "#21517f", "#1a4064", "#15334f"];
/** Fire and cooking. */
const ember: MantineColorsTuple = ["#fff1ea", "#ffdfd0", "#fcbc9f", "#f6956c", "#ef7440", "#e35b22", "#c44916", "#9d3a13", "#7a2f12", "#602712"];
/** Ready, paid. */
const basil: MantineColorsTuple = ["#ebf7ef", "#d2edda", "#a5dab6", "#73c48e", "#48ad6b", "#2f9353", "#227a43", "#1c6237", "#184e2e", "#133f26"];
/** Void, refused, allergy, stale. */
const chili: MantineColorsTuple = ["#fdeeee", "#fad7d7", "#f3acac", "#e97d7d", "#df5555", "#cf3636", "#b32727", "#922121", "#741e1e", "#5e1b1b"];
/** Bill printed, paid but seated. */
const plum: MantineColorsTuple = ["#f7f1f9", "#ebdff0", "#d5bfe0", "#bb9acd", "#a277b9", "#8b5ca4", "#744a8b", "#5c3c6f", "#493058", "#3b2847"];
const dark: MantineColorsTuple = ["#f3ede5", "#ddd3c7", "#b9ac9c", "#8f8375", "#5f564c", "#443c35", "#322c27", "#262120", "#1b1816", "#131110"];

export const theme = createTheme({
  colors: { sand, gray: sand, saffron, tide, ember, basil, chili, plum, dark },
  primaryColor: "sand",
  primaryShade: { light: 8, dark: 2 },
  black: "#221d19",
  white: "#fffdfa",
  autoContrast: true,
  luminanceThreshold: 0.36,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "lg", radius: "md" } },
    ActionIcon: { defaultProps: { size: 48, radius: "md", variant: "default" } },
    Modal: { defaultProps: { centered: true, radius: "lg", overlayProps: { backgroundOpacity: 0.45 }, transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 } } },
    TextInput: { defaultProps: { size: "lg" } },
    Textarea: { defaultProps: { size: "lg" } },
    SegmentedControl: { defaultProps: { size: "lg" } },
    CloseButton: { defaultProps: { size: 48, "aria-label": "Close" } },
    Switch: { defaultProps: { size: "lg" } },
  },
});

/** On dark ground a light neutral carries no white letters: what acts is saffron. */
export const darkTheme = mergeThemeOverrides(theme, createTheme({ primaryColor: "saffron", primaryShade: 4 }));
