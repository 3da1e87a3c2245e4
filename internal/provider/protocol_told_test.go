package provider_test

import (
	"fmt"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
)

// nouns are what the types are called in a sentence.
var nouns = map[string]string{
	snapshotType: "snapshot",
	imageType:    "image",
	templateType: "template",
	volumeType:   "volume",
	exportType:   "export",
}

// What deletion_policy keeps is named by its import ID when a plan destroys it and when it is destroyed.
func TestProtocol_retainNamesWhatStays(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		if o.typeName == exportType {
			return // No cloud takes an export back, so there is no policy
		}
		config := o.config(t, s, c)
		config["deletion_policy"] = "retain"
		r := prototest.Start(t, s, nil).Resource(t, o.typeName)
		r.Apply(t, r.Plan(t, config)).MustSucceed(t)
		called := fmt.Sprint(nouns[o.typeName], " ", r.Values(t)["id"])
		r.Plan(t, nil).MustWarn(t, "stays at the cloud", "The "+called+" has deletion_policy")
		before := len(s.Remaining())
		r.Destroy(t).MustWarn(t, "was kept at the cloud", "only removed the "+called+" from the state")
		if after := len(s.Remaining()); after != before || r.Exists() {
			t.Errorf("%d objects became %d", before, after)
		}
	})
}

// A read that finds an object gone names it, the reason and what comes next. An import that finds nothing does not.
func TestProtocol_goneIsExplained(t *testing.T) {
	t.Parallel()
	next := map[string]string{
		snapshotType: "A new snapshot will contain the source's data of the time when it is taken.",
		imageType:    "The next apply imports the file again, as it is then.",
		templateType: "The next apply creates a new template from the snapshot, if that still exists.",
		volumeType:   "The next apply creates a new volume from the snapshot, if that still exists.",
	}
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		if next[o.typeName] == "" {
			return // No cloud takes an export back
		}
		p := prototest.Start(t, s, nil)
		config := o.config(t, s, c)
		r, other := p.Resource(t, o.typeName), p.Resource(t, o.typeName)
		r.Apply(t, r.Plan(t, config)).MustSucceed(t)
		id := fmt.Sprint(r.Values(t)["id"])
		other.Import(t, id, nil).MustSucceed(t)
		other.Destroy(t).MustSucceed(t)
		r.Refresh(t).
			MustWarn(
				t, fmt.Sprintf("The %s %s does not exist at %s any more", nouns[o.typeName], id, c.Title), "Reason: ",
				next[o.typeName],
			)
		if d := p.Resource(t, o.typeName).Import(t, id, nil); len(d) > 0 {
			t.Errorf("the import of nothing reports %s", d[0].Detail)
		}
	})
}
