package exoscale_test

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/cloudtest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

func TestConformance(t *testing.T) { cloudtest.Run(t, sandboxtest.Harness(exoscale.Driver{})) }
