package contabo_test

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/cloudtest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

func TestConformance(t *testing.T) { cloudtest.Run(t, sandboxtest.Harness(contabo.Driver{})) }
