package kit

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// AddError adds the diagnostic of an error. at is the attribute at fault, if one is.
func AddError(diags *diag.Diagnostics, err error, at ...path.Path) {
	summary, detail := Explain(err)
	if len(at) > 0 {
		diags.AddAttributeError(at[0], summary, detail)
		return
	}
	diags.AddError(summary, detail)
}

// AddTaintedError adds the diagnostic of an error after which the object exists and is in the state, which Terraform
// marks as tainted.
func AddTaintedError(diags *diag.Diagnostics, err error, id string) {
	kept := fmt.Sprintf("The object exists, and the state holds it%s. Terraform marks it as tainted and would replace "+
		"it: run \"terraform untaint\" on this resource and apply again to keep it and resume waiting.", as(id))
	switch driver.KindOf(err) {
	case driver.KindFailed, driver.KindNotFound:
		kept = fmt.Sprintf("The state holds what exists of the object%s. Terraform marks it as tainted: apply again to "+
			"replace it, or destroy it.", as(id))
	case driver.KindTimeout:
		kept += " The timeouts attribute sets how long the operation may take."
	default:
	}
	summary, detail := explain(err, kept)
	diags.AddError(summary, detail)
}

// AddRunError adds the diagnostic of an update that ended before it was complete. kept is what was done and what the
// next apply does, in full sentences.
func AddRunError(diags *diag.Diagnostics, err error, kept string) {
	summary, detail := explain(err, kept)
	if driver.KindOf(err) == driver.KindCanceled {
		summary = "Interrupted while waiting"
	}
	diags.AddError(summary, detail)
}

// AddActionError adds the diagnostic of an error of an action. left is what the action leaves at the cloud, in full
// sentences: no state has it. It is empty if there is nothing.
func AddActionError(diags *diag.Diagnostics, err error, left string) {
	if left == "" && driver.KindOf(err) == driver.KindCanceled {
		left = "Nothing was started at the cloud. Run the action again."
	}
	summary, detail := explain(err, left)
	diags.AddError(summary, detail)
}

// WarnInterrupted adds the warning that ends an interrupted wait: the object stays in the state and is not tainted.
func WarnInterrupted(diags *diag.Diagnostics, err error, id string) {
	_, detail := explain(err, fmt.Sprintf("Nothing is lost: the cloud continues, and the state holds the object%s. "+
		"Apply again to resume waiting.", as(id)))
	diags.AddWarning("Interrupted while waiting", detail)
}

// as names an object in a sentence, as far as it has a name yet.
func as(id string) string {
	if id == "" {
		return ""
	}
	return " as " + Visible(id)
}

// Explain words an error: a searchable summary, and a detail of what happened, what to do, and the facts.
func Explain(err error) (summary, detail string) { return explain(err, "") }

// explain is Explain with an advice that replaces the advice for the kind of the error, unless it is empty.
func explain(err error, kept string) (summary, detail string) {
	var e *driver.Error
	if !errors.As(err, &e) {
		return "Unexpected error", Visible(err.Error())
	}
	e = visible(*e)
	parts := []string{happened(e)}
	if len(e.ExistingSnapshots) > 0 {
		parts = append(parts, occupants(e))
	}
	if e.ImageStats != nil {
		parts = append(parts, imageStats(*e.ImageStats))
	}
	if advice := adviceKept(e, kept); advice != "" {
		parts = append(parts, advice)
	}
	return "Unable to " + e.Op, strings.Join(append(parts, facts(e)), "\n\n")
}

// visible is a copy of an error with every foreign text in it made visible.
func visible(e driver.Error) *driver.Error {
	e.Message, e.Hint, e.Code = Visible(e.Message), visibleLines(e.Hint), Visible(e.Code)
	e.RequestID, e.OperationID = Visible(e.RequestID), Visible(e.OperationID)
	e.Ref = driver.Ref{
		Location: Visible(e.Ref.Location),
		SourceID: Visible(e.Ref.SourceID),
		ObjectID: Visible(e.Ref.ObjectID),
	}
	e.Fields, e.ExistingSnapshots = slices.Clone(e.Fields), slices.Clone(e.ExistingSnapshots)
	for i, f := range e.Fields {
		e.Fields[i] = driver.VendorField{Name: Visible(f.Name), Message: Visible(f.Message)}
	}
	for i, s := range e.ExistingSnapshots {
		e.ExistingSnapshots[i].ID, e.ExistingSnapshots[i].Name = Visible(s.ID), Visible(s.Name)
	}
	return &e
}

// happened is one plain sentence.
func happened(e *driver.Error) string {
	msg := strings.TrimRight(e.Message, ". ")
	switch e.Kind {
	case driver.KindNotFound:
		return fmt.Sprintf("Not found: %s.", msg)
	case driver.KindInvalid:
		return fmt.Sprintf("The cloud rejected the request: %s.", msg)
	case driver.KindAuth:
		return fmt.Sprintf("The cloud rejected the credentials: %s.", msg)
	case driver.KindPermission:
		return fmt.Sprintf("Permission denied: the credentials lack a permission, or the object belongs to another "+
			"account: %s.", msg)
	case driver.KindConflict:
		return fmt.Sprintf("The state of the object does not allow this: %s.", msg)
	case driver.KindBusy:
		return fmt.Sprintf("The object stayed locked by other work until the timeout: %s.", msg)
	case driver.KindLimit:
		return fmt.Sprintf("A limit of the account or the product has been reached: %s.", msg)
	case driver.KindRateLimited:
		return fmt.Sprintf("The cloud is rate limiting requests, and the timeout expires before a retry is allowed: %s.", msg)
	case driver.KindUnavailable:
		return fmt.Sprintf("The cloud did not return a usable response: %s.", msg)
	case driver.KindFailed:
		return fmt.Sprintf("The cloud accepted the operation, and the operation failed: %s.", msg)
	case driver.KindTimeout:
		return fmt.Sprintf("The operation timed out: %s.", msg)
	case driver.KindCanceled:
		return fmt.Sprintf("The operation was interrupted: %s.", msg)
	case driver.KindAmbiguous:
		return fmt.Sprintf("The response was lost, so the cloud may or may not have acted: %s.", msg)
	default:
		return capital(msg) + "."
	}
}

// adviceKept is what to do now with an object that the state has kept: what made the operation end comes first, unless
// the state is the whole answer.
func adviceKept(e *driver.Error, kept string) string {
	switch {
	case kept == "":
		return advice(e)
	case e.Kind == driver.KindTimeout,
		e.Kind == driver.KindCanceled,
		e.Kind == driver.KindFailed,
		e.Kind == driver.KindNotFound:
		return kept
	default:
		return strings.TrimSpace(advice(e) + "\n\n" + kept)
	}
}

// advice is what to do now.
func advice(e *driver.Error) string {
	if e.Hint != "" {
		return e.Hint
	}
	switch e.Kind {
	case driver.KindNotFound:
		return "Check the IDs, the location, and that the credentials belong to the account that owns the object."
	case driver.KindInvalid:
		return "Change the values named above, and apply again."
	case driver.KindAuth:
		return fmt.Sprintf("Check the credentials in the provider's %s block or in the environment: they may be mistyped, "+
			"expired or of another account.", e.Cloud)
	case driver.KindPermission:
		return "Use credentials of the account that owns the object, with the right to do this."
	case driver.KindConflict:
		return "Apply again when the state of the object allows it."
	case driver.KindBusy, driver.KindTimeout:
		return "Apply again later, or set a longer time in the timeouts attribute."
	case driver.KindLimit:
		switch {
		case e.ImageStats != nil:
			return "Delete images that nothing needs any more, or order more image storage at the cloud."
		case e.Managed:
			return "Terraform manages one of these snapshots itself. With create_before_destroy it takes the new snapshot " +
				"while the old one still fills the slot: remove create_before_destroy, or get another slot at the cloud."
		case len(e.ExistingSnapshots) > 0:
			return "Delete one of these snapshots, or take the snapshot of a machine with a free slot. If this run replaces " +
				"one of them, create_before_destroy is the cause: the old one still fills the slot. Remove create_before_destroy " +
				"then."
		}
		return "Nothing here can be deleted to make room: the product may have no room for this at all, or must be " +
			"upgraded at the cloud."
	case driver.KindWouldOverwrite:
		const both = "set replace_existing = true, or remove create_before_destroy."
		if e.Managed {
			return "Terraform manages this snapshot itself, and the cloud keeps one per source. With create_before_destroy " +
				"the new snapshot must overwrite the old one: " + both +
				" If two resources have this source_id, remove one of them."
		}
		return "Set replace_existing = true to overwrite it, import it to manage it, or delete it at the cloud. If it is " +
			"the snapshot that this run replaces, create_before_destroy is the cause: " + both
	case driver.KindWouldDelete:
		return "Set delete_newer_snapshots = true to delete them with the restore, or restore the newest snapshot."
	case driver.KindRateLimited:
		return "Apply again in a few minutes, with fewer operations at the same time (-parallelism)."
	case driver.KindUnavailable, driver.KindUnknown:
		return "Check the endpoint and the network, then apply again. If the error persists, look at the cloud's status page."
	case driver.KindFailed:
		return "Look at the object in the cloud's panel, and apply again. The facts below help the cloud's support."
	case driver.KindCanceled:
		return "Run apply again. Work the cloud has already done is picked up, not repeated."
	case driver.KindMisconfigured:
		return fmt.Sprintf("Correct the provider's %s block, or the environment that stands in for it.", e.Cloud)
	default:
		return ""
	}
}

// occupants lists snapshots, oldest first.
func occupants(e *driver.Error) string {
	lines := []string{"Existing snapshots, oldest first:"}
	if e.Kind == driver.KindWouldDelete {
		lines = []string{"Newer snapshots, oldest first:"}
	}
	for _, s := range e.ExistingSnapshots {
		line := "  - " + s.ID
		if s.Name != "" {
			line += ` "` + s.Name + `"`
		}
		if !s.CreatedAt.IsZero() {
			line += ", created " + s.CreatedAt.UTC().Format(time.RFC3339)
		}
		if e.Kind == driver.KindWouldDelete {
			line += ", " + driver.FormatAge(s.CreatedAt, e.Now)
		}
		if !s.ExpiresAt.IsZero() {
			line += ", expires " + s.ExpiresAt.UTC().Format(time.RFC3339)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// imageStats states the use of the image storage, in the words of the data source.
func imageStats(s driver.ImageStats) string {
	return fmt.Sprintf(
		"The account's image storage: image_count = %d, total_mb = %s, used_mb = %s, free_mb = %s.",
		s.Count,
		number(s.TotalMB),
		number(s.UsedMB),
		number(s.FreeMB),
	)
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// facts are for searching and for the vendor's support.
func facts(e *driver.Error) string {
	var lines []string
	fact := func(name, value string) {
		if value != "" {
			lines = append(lines, name+": "+value)
		}
	}
	fact("cloud", e.Cloud)
	fact("operation", e.Op)
	fact("location", e.Ref.Location)
	fact("source_id", e.Ref.SourceID)
	fact("id", e.Ref.ObjectID)
	if e.Status != 0 {
		fact("HTTP status", strconv.Itoa(e.Status))
	}
	fact("vendor code", e.Code)
	for _, f := range e.Fields {
		fact("field "+f.Name, f.Message)
	}
	fact("operation ID", e.OperationID)
	fact("request ID", e.RequestID)
	return strings.Join(lines, "\n")
}
