package acctest

import (
	"context"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// SkipBelow skips a story on a CLI that is too old for it, loudly: the reason stands in the test's output.
func SkipBelow(t testing.TB, minimum *version.Version) tfversion.TerraformVersionCheck {
	t.Helper()
	return skipBelow{t: t, minimum: minimum}
}

type skipBelow struct {
	t       testing.TB
	minimum *version.Version
}

// CheckTerraformVersion compares the CLI's version.
func (s skipBelow) CheckTerraformVersion(
	ctx context.Context,
	req tfversion.CheckTerraformVersionRequest,
	resp *tfversion.CheckTerraformVersionResponse,
) {
	tfversion.SkipBelow(s.minimum).CheckTerraformVersion(ctx, req, resp)
	if resp.Skip != "" {
		s.t.Logf("SKIPPED, NOT PASSED: %s", resp.Skip)
	}
}
