// Command schemajson reads the output of `providers schema -json` from stdin, adds the schemas that only newer CLIs
// write, and prints the result.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/devtools/schemajson"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
)

func main() {
	if err := run(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "schemajson:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, in io.Reader, out io.Writer) error {
	raw, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("read the schemas of the CLI: %w", err)
	}
	none := func(string) string { return "" }
	kinds, err := schemajson.Read(ctx, providerserver.NewProtocol6(provider.New("docs", all.Drivers(), none)())())
	if err != nil {
		return err
	}
	merged, err := schemajson.Merge(raw, kinds)
	if err != nil {
		return err
	}
	if _, err := out.Write(merged); err != nil {
		return fmt.Errorf("write the schemas: %w", err)
	}
	return nil
}
