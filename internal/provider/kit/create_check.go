package kit

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CheckCreate checks at plan time whether the cloud would accept the create of a snapshot, and adds what is wrong. It
// also warns of the snapshot that spec.ReplaceExisting permits to overwrite, which nothing else in a plan shows. It
// sends the requests of CheckSource, CheckExistingSnapshot and Overwrites.
func CheckCreate(ctx context.Context, cl *cloud.Cloud, spec driver.SnapshotSpec, diags *diag.Diagnostics) {
	if err := cl.CheckSource(ctx, spec); err != nil {
		AddError(diags, err, path.Root("source_id"))
		return
	}
	if err := cl.CheckExistingSnapshot(ctx, spec); err != nil {
		AddError(diags, err, path.Root("source_id"))
		return
	}
	switch old, found, err := cl.Overwrites(ctx, spec); {
	case err != nil:
		AddError(diags, err, path.Root("source_id"))
	case found:
		diags.AddAttributeWarning(path.Root(driver.ReplaceExisting), "Snapshot will be overwritten", fmt.Sprintf(
			"%s keeps one snapshot per %s. The new snapshot overwrites the snapshot %s of %s, which was taken at %s, %s "+
				"ago: replace_existing = true permits it.", cl.Title, cl.Limits.SourceKind, Visible(old.ID),
			Visible(old.SourceID), old.CreatedAt.UTC().Format(time.RFC3339), Roughly(cl.Now().Sub(old.CreatedAt))))
	}
}

// Expiry is a snapshot that the cloud deletes by itself.
type Expiry struct {
	// ID is the import ID.
	ID string
	// At is when the cloud deletes the snapshot, zero if it does not.
	At time.Time
	// Attribute is the attribute of the warning.
	Attribute string
	// Advice is what to do, in full sentences.
	Advice string
}

// WarnOfExpiry warns of a snapshot that the cloud deletes within the provider's expiry_warning, by the cloud's clock.
func (b *Base) WarnOfExpiry(cl *cloud.Cloud, e Expiry, diags *diag.Diagnostics) {
	left := e.At.Sub(cl.Now())
	if b.Clouds.ExpiryWarning <= 0 || e.At.IsZero() || left > b.Clouds.ExpiryWarning {
		return
	}
	diags.AddAttributeWarning(path.Root(e.Attribute), "Snapshot expires soon", fmt.Sprintf(
		"%s deletes the snapshot %s at %s, in %s. %s The provider's expiry_warning sets how early this warning appears.",
		cl.Title, Visible(e.ID), e.At.UTC().Format(time.RFC3339), Roughly(left), e.Advice))
}

// Roughly formats a duration in words: "about 3 days".
func Roughly(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d >= 48*time.Hour:
		return fmt.Sprintf("about %d days", int(d.Hours()/24))
	case d >= 2*time.Hour:
		return fmt.Sprintf("about %d hours", int(d.Hours()))
	default:
		return fmt.Sprintf("about %d minutes", int(d.Minutes()))
	}
}
