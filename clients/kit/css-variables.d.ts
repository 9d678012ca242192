import "react";

declare module "react" {
  interface CSSProperties {
    /** Own CSS variables, handed to a module's rules. */
    [name: `--${string}`]: string | number | undefined;
  }
}
